"""Relief: decides and keeps social relief, and stops it when the law says so.

Purpose: to grant temporary relief without delay and without silently cutting what was
asked, to keep every benefit with its payments, and to stop a benefit on the right day.

Law: Interim Measures for Social Assistance (社会救助暂行办法, Order 649, 2019 text); Opinions
on temporary relief (国发〔2014〕47号, 民发〔2018〕23号); Opinions on reform of the relief system
(2020); Measures for audit and confirmation of minimum living security (民发〔2021〕57号).
Amounts and limits are dated local parameters, never code.

Nouns: benefit, beneficiary, amount version, payment line, overpayment, notice number.

Tables owned: `benefit`, `beneficiary`, `amount_version`, `payment_line`, `overpayment`,
`notice_counter`, `task_answer`, `matter_outcome`, and the tables every service has (outbox,
inbox, job, journal, request keys).

Topics spoken: `civil.relief.matter` (answers to tasks and matters), `civil.relief.benefit`
(benefit-granted, benefit-changed, benefit-stopped).
Topics heard: `civil.intake.application` (task-opened, matter-decided).
"""
