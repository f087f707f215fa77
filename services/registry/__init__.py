"""The registry: who and what exists, and who may say so.

Purpose: to publish the catalogue that every other service works from (service items,
local parameters, the working calendar, offices), to know residents, officers and partner
systems, to vouch for whoever acts (keys and tokens), to keep who may act for whom (代办),
to record the fact that a resident has died, and to keep what its own items end in:
adoptions, social organisations and charities, names of places.

Law: 行政许可法 art. 30 (what can be applied for, and how, is public); 民法典 arts 13, 15
(a person's life, and the papers that prove its end), 161-174 (agency); 户口登记条例 art. 8
(registration of a death); 中国公民收养子女登记办法; 社会团体登记管理条例; 地名管理条例;
个人信息保护法 arts 6, 51 (smallest scope, de-identification).

Nouns: publication (one immutable version of an item, the parameters, the calendar or an
office), division, resident, officer, client (a service, a partner system or an operator's
program), signing key, session, grant, death record, life fact, household, membership,
service object, certificate (电子证照) with its versions, type and holders, adoption, social
organisation, place name.

Tables owned: `signing_key`, `client`, `client_assertion`, `publication`, `division`,
`resident`, `officer`, `session`, `refresh_token`, `agency_grant`, `death_record`,
`task_answer`, `matter_outcome`, `resident_number`, `resident_alias`, `life_fact`,
`household`, `household_place`, `household_member`, `blocking_key`, `duplicate_candidate`,
`resident_merge`, `object_fact`, `service_object`, `certificate`, `certificate_version`,
`certificate_holder`, `certificate_key`, `certificate_serial`, `certified_fact_end`,
`verification_pace`, `item_outcome`, `adoption`, `social_organisation`, `place_name`, and the
tables every service has (outbox, inbox, job, journal, request answers).

Topics spoken: `civil.registry.catalogue`, `civil.registry.office`,
`civil.registry.resident`, `civil.registry.household`, `civil.registry.matter` (answers to
tasks and matters), `civil.registry.certificate`, `civil.registry.enquiry`,
`civil.registry.adoption`, `civil.registry.organisation`, `civil.registry.place-name`.
Topics heard: `civil.intake.application` (task-opened, matter-decided), the departments'
`civil.<service>.matter` (matter-performed), `civil.marriage.marriage` (into lives, and what
ends a certificate), `civil.relief.benefit` (into the service objects base, and the same).
"""
