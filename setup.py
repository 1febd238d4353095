"""What setup.cfg can't say: the example study travels in the wheel from where it stands in the repository."""

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

EXAMPLE = "prelock._demo"


class BuildPy(build_py):
    """The example is rules and data: what generated it stays behind."""

    def find_package_modules(self, package, package_dir):
        return [] if package == EXAMPLE else super().find_package_modules(package, package_dir)


setup(
    packages=[*find_packages(include=["prelock", "prelock.*"]), EXAMPLE],
    package_dir={EXAMPLE: "studies/upadacitinib_crohn"},
    cmdclass={"build_py": BuildPy},
)
