"""Funeral: keeps funeral cases, books what there is only one of, and charges what was signed.

Purpose: to arrange a funeral so that no hall and no furnace is promised twice, that nobody is
cremated before the law allows it, and that a family pays what it signed and nothing else.

Law: Regulation on Funeral Management (殡葬管理条例, Order 824, in force 2026-03-30); notice on
death certificates (国卫规划发〔2026〕5号); notice on funeral fees (发改价格〔2026〕108号).

Nouns: funeral case, resource, slot, booking, hold, storage, price list, quote, bill, exemption,
death certificate. Prices, storage, holds and certificates are rules so far, without records.

Tables owned: `funeral_case`, `resource`, `slot`, `booking`, `case_counter`, `task_answer`,
`matter_outcome`, and the tables every service has (outbox, inbox, job, journal, request keys).

Topics spoken: `civil.funeral.matter` (answers to tasks and matters), `civil.funeral.funeral`
(funeral-arranged).
Topics heard: `civil.intake.application` (task-opened, matter-decided).
"""
