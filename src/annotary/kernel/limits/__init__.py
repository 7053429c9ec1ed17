"""Every limit of the product, its unit in its name: one file for each folder that keeps them, read flat."""

from annotary.kernel.limits.audit import *
from annotary.kernel.limits.catalog import *
from annotary.kernel.limits.cli import *
from annotary.kernel.limits.dispatch import *
from annotary.kernel.limits.eventlog import *
from annotary.kernel.limits.formats import *
from annotary.kernel.limits.identity import *
from annotary.kernel.limits.infra import *
from annotary.kernel.limits.kernel import *
from annotary.kernel.limits.live import *
from annotary.kernel.limits.migration import *
from annotary.kernel.limits.modalities import *
from annotary.kernel.limits.ontology import *
from annotary.kernel.limits.operations import *
from annotary.kernel.limits.projects import *
from annotary.kernel.limits.quality import *
from annotary.kernel.limits.review import *
from annotary.kernel.limits.services import *
from annotary.kernel.limits.serving import *
from annotary.kernel.limits.sizes import *
from annotary.kernel.limits.slices import *
from annotary.kernel.limits.streams import *
from annotary.kernel.limits.submissions import *
