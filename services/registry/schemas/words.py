"""What the categories of service objects are called, for people."""

from collections.abc import Mapping

from services.registry.model.objects import Category

CATEGORY_TITLES: Mapping[Category, Mapping[str, str]] = {
    Category.MINIMUM_LIVING: {"zh": "低保", "en": "Minimum living allowance"},
    Category.SPECIAL_HARDSHIP: {"zh": "特困", "en": "Special hardship support"},
    Category.LOW_INCOME_EDGE: {"zh": "低保边缘", "en": "On the edge of minimum living"},
    Category.RIGID_EXPENDITURE: {"zh": "刚性支出困难", "en": "Unavoidable expenditure"},
    Category.DISABLED: {"zh": "残疾", "en": "Disabled"},
    Category.OLD_AGE: {"zh": "高龄", "en": "Of high age"},
    Category.ORPHAN: {"zh": "孤儿", "en": "Orphan"},
    Category.DE_FACTO_UNATTENDED: {"zh": "事实无人抚养", "en": "De facto unattended child"},
    Category.PREFERENTIAL: {"zh": "优抚", "en": "Entitled to preferential treatment"},
}
