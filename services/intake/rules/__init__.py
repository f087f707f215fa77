"""What the law and the catalogue say about a case; no clock, no database, no settings.

Cut by noun: items, forms, materials, expressions, plans, offices, verdicts, joins,
progress, stages and deadlines. How an application is kept, and who may see it, is not here.
"""
