"""What cannot be done with deliveries, and why."""

from shared.errors import Conflict, NotFound, Unacceptable


class DeliveryNotFound(NotFound):
    """There is no such delivery, or it is not yours to see."""

    title = "没有找到该送达事项"
    title_en = "There is no such delivery"


class NothingToDeliver(Conflict):
    """A paper is delivered once its matter has been decided and made real."""

    title = "尚无可送达的结果文书"
    title_en = "There is nothing to deliver yet"


class DeliveryUnderWay(Conflict):
    """The paper is on its way already, or has arrived; after a return it can be sent again."""

    title = "该文书正在送达或已送达"
    title_en = "The paper is on its way or has arrived"


class DeliveryAddressRequired(Unacceptable):
    """Post needs an address; other ways of delivery take none."""

    title = "邮寄送达须填写地址，其他方式不填"
    title_en = "Post needs an address, and nothing else does"


class TrackNotAllowed(Conflict):
    """The carrier's note does not follow from where the paper is."""

    title = "该物流状态与当前送达状态不符"
    title_en = "The note does not follow from where the paper is"
