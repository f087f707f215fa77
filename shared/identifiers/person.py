"""The citizen's number (公民身份号码), and what it says about its holder."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.identifiers.check_characters import mod_11_2
from shared.identifiers.reading import Fault, InvalidIdentifier, digits_only, tidy
from shared.masking import mask_id_number

LENGTH = Fault(
    "ID_NUMBER_LENGTH",
    "公民身份号码应为18位（旧号码为15位）",
    "A resident ID number has 18 characters, an old one 15",
)
CHARACTERS = Fault(
    "ID_NUMBER_CHARACTERS",
    "公民身份号码只能是数字，末位可以是X",
    "A resident ID number consists of digits; only the last may be X",
)
BIRTH_DATE = Fault(
    "ID_NUMBER_BIRTH_DATE",
    "公民身份号码中的出生日期不存在",
    "The birth date in the resident ID number does not exist",
)
CHECK = Fault(
    "ID_NUMBER_CHECK",
    "公民身份号码校验位不符，请核对是否输错",
    "The last character does not fit the rest of the resident ID number; please compare it",
)
FUTURE_BIRTH = Fault(
    "ID_NUMBER_FUTURE_BIRTH",
    "公民身份号码中的出生日期晚于今天",
    "The birth date in the resident ID number is later than today",
)

EARLIEST_BIRTH_YEAR = 1800
"""Archives hold people born long ago, but nobody who had such a number was born earlier."""

_CENTENARIANS = ("996", "997", "998", "999")


class Sex(StrEnum):
    """Sex as the number records it."""

    MALE = "male"
    FEMALE = "female"


@dataclass(frozen=True, slots=True, repr=False)
class ResidentId:
    """A valid number of eighteen characters. Its `repr` and `str` are masked, `value` is not."""

    value: str

    @classmethod
    def parse(cls, text: str, *, today: date) -> "ResidentId":
        """Read a number of eighteen or fifteen characters.

        The first six digits are not compared with any table: abolished divisions stay valid, and
        they say where the number was given, not where its holder lives.

        Args:
            text: As typed; spaces, full-width characters and a small x are tidied.
            today: The legal date in Asia/Shanghai.

        Raises:
            InvalidIdentifier: With the first fault in the order length, characters, birth date,
                check character, future birth.

        Source:
            GB 11643-1999.
        """
        number = normalise_id_number(text)
        if len(number) != 18:
            raise InvalidIdentifier(LENGTH)
        if not digits_only(number[:17]) or number[17] not in "0123456789X":
            raise InvalidIdentifier(CHARACTERS)
        born_on = _birth_date(number)
        if mod_11_2(number[:17]) != number[17]:
            raise InvalidIdentifier(CHECK)
        if born_on > today:
            raise InvalidIdentifier(FUTURE_BIRTH)
        return cls(number)

    @property
    def born_on(self) -> date:
        """The date of birth in the number."""
        return _birth_date(self.value)

    @property
    def sex(self) -> Sex:
        """Odd order numbers are given to men, even ones to women."""
        return Sex.MALE if int(self.value[16]) % 2 else Sex.FEMALE

    @property
    def issued_in(self) -> str:
        """The county that gave the number (six digits, possibly abolished); never a residence."""
        return self.value[:6]

    def __str__(self) -> str:
        return mask_id_number(self.value)

    def __repr__(self) -> str:
        return f"ResidentId({self})"


def normalise_id_number(text: str) -> str:
    """The one spelling under which a number is compared, sealed and indexed.

    Tidies, and writes a first-generation number of fifteen digits with eighteen. It does not
    judge: a number that is not valid comes back tidied, and `ResidentId.parse` refuses it.

    Source:
        GB 11643-1999 against GB 11643-1989: century and check character were added. The order
        numbers 996-999 of 1989 were kept for people who were over a hundred then.
    """
    number = tidy(text)
    if len(number) != 15 or not digits_only(number):
        return number
    century = "18" if number[12:] in _CENTENARIANS else "19"
    longer = number[:6] + century + number[6:]
    return longer + mod_11_2(longer)


def _birth_date(number: str) -> date:
    year, month, day = int(number[6:10]), int(number[10:12]), int(number[12:14])
    if year < EARLIEST_BIRTH_YEAR:
        raise InvalidIdentifier(BIRTH_DATE)
    try:
        return date(year, month, day)
    except ValueError:
        raise InvalidIdentifier(BIRTH_DATE) from None
