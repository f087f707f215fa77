"""Simulated partner departments, for development and tests only.

Four systems (police, human resources, medical insurance, housing fund) in one process.
Each knows of the platform only what a real partner is told: the addresses of the window
and of the token endpoint, its own client secret, and the secret webhooks are signed with.
They say that they are simulated at start, in every answer, and in every opinion they give.

```
webhook ─▶ verified, answered with 204 at once
              └▶ after a while: token ─▶ disclosure ─▶ decision ─▶ verdict
poll of GET /v1/tasks, every few seconds ─▶ the same, for what no webhook told
```
"""
