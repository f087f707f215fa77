"""Marriage: registers marriages and divorces, and numbers the certificates.

Purpose: to say who is married to whom, to let nobody be married twice, and to
answer with one certificate number for one registration.

Law: Civil Code (民法典) arts. 1041-1083 on marriage, arts. 200-203 on periods;
Marriage Registration Regulation (婚姻登记条例, Order 804, in force 2025-05-10);
Rules of Marriage Registration Work (婚姻登记工作规范, 民发〔2025〕23号).

Nouns: marriage, marriage party, certificate number, marital record (what the
archives and the national base say of a person), divorce window.

Tables owned: `marriage`, `marriage_party`, `certificate_counter`,
`marital_record`, `task_answer`, `matter_outcome`, and the tables every service has
(outbox, inbox, job, journal, request keys).

Topics spoken: `civil.marriage.matter` (answers to tasks and matters),
`civil.marriage.marriage` (marriage-registered, marriage-ended).
Topics heard: `civil.intake.application` (task-opened, matter-decided).
"""
