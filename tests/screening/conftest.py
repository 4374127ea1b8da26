from tests.people.conftest import cadre, county, others  # noqa: F401
