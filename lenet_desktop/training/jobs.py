"""All kinds of jobs that a training can have."""

from lenet_desktop.training.job import Job, LoadedJob
from lenet_desktop.training.teaching.classes_job import ClassesJob, LoadedClassesJob
from lenet_desktop.training.teaching.hand_job import HandJob, LoadedHandJob

AnyJob = Job | HandJob | ClassesJob
AnyLoadedJob = LoadedJob | LoadedHandJob | LoadedClassesJob
