"""What setup.cfg can't say: the example study travels in the wheel from where it stands in the repository."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["prelock", "prelock.*"]), "prelock._demo"],
    package_dir={"prelock._demo": "studies/upadacitinib_crohn"},
)
