"""What can be wrong with items, assets, datasets, uploads and jobs."""

from __future__ import annotations

from annotary.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class UnknownDataset(NotFound):
    """There is no such dataset."""


class UnknownItem(NotFound):
    """There is no such item."""


class UnknownAsset(NotFound):
    """The organisation has no asset with this hash: upload it first."""


class UnknownUpload(NotFound):
    """There is no such upload."""


class UnknownJob(NotFound):
    """There is no such job."""


class DatasetNameTaken(Conflict):
    """The organisation has a dataset of this name: use it, or choose another name."""

    code = "already_exists"


class DatasetDeleted(Conflict):
    """This dataset was deleted: nothing more goes in."""

    code = "dataset_deleted"


class ItemExists(Conflict):
    """The dataset has an item with this unique_id and other content: use another unique_id."""

    code = "already_exists"


class UploadEnded(Conflict):
    """This upload is complete or was abandoned: begin a new one."""

    code = "upload_ended"


class ChunksMissing(Conflict):
    """Not all chunks of this upload are in: send the missing ones, then complete it."""

    code = "chunks_missing"


class WrongHash(Invalid):
    """The bytes do not have the hash they were said to have."""

    code = "wrong_hash"


class BadSignature(Forbidden):
    """This address was not signed by this installation, or was changed."""

    code = "bad_signature"


class AddressExpired(Forbidden):
    """This signed address has expired: ask for a new one."""

    code = "address_expired"


class AssetElsewhere(Conflict):
    """The bytes of this asset are no longer where they were referenced."""

    code = "asset_changed"


class ExportNotReady(Conflict):
    """This export has no file yet: wait until its state is `succeeded`."""

    code = "export_not_ready"


class NotAVideo(Invalid):
    """This asset is not a video: it has no frames."""

    code = "not_a_video"


class NoPicture(Invalid):
    """This asset is neither an image nor a video: there is no picture of it."""

    code = "no_picture"


class UnknownFrame(NotFound):
    """The video has no such frame."""
