"""The window: one application in, every department asked at once, one answer out.

Intake owns the case and never what the case is about. A service item (事项) of the
catalogue is data: its form, its materials, its matters and the approval tasks each of
them needs. From it intake plans a case, opens every task whose needs are met, joins the
verdicts, decides, asks the owning service to make the decision real, and says at every
moment who holds the case and until when.

Law: 行政许可法 arts 26, 32, 37-45 (one organ accepts, one-time notice, limits);
优化营商环境条例 arts 35-37; 国办发〔2025〕24号 (高效办成一件事); each item names its own.

Nouns: application, matter, approval task, plan, material, verdict, outcome.
Speaks on `civil.intake.application` and `civil.intake.redress`; hears `civil.<service>.matter`,
`civil.registry.catalogue` and `civil.registry.office`.
"""
