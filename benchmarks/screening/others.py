"""OpenFisca-core and rule-engine over given facts; prints one JSON line. See run.py."""

from __future__ import annotations

import json
import resource
import sys
import time

import pyarrow.parquet as pq

SLOW_SAMPLE = 50_000


def main() -> None:
    package, spec = sys.argv[1], json.loads(sys.argv[2])
    result = {"openfisca": openfisca, "rule_engine": rule_engine}[package](**spec)
    result["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(result))


def openfisca(rules, path):
    """Each fact an input variable, each rule a formula; time of all formulas."""
    import numpy
    from openfisca_core.entities import build_entity
    from openfisca_core.periods import DateUnit
    from openfisca_core.simulations import SimulationBuilder
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    person = build_entity(key="person", plural="persons", label="a cadre", is_person=True)
    system = TaxBenefitSystem([person])
    table = pq.read_table(path)
    facts = [n for n in table.column_names if n != "person"]

    def variable(name, formula=None):
        content = {"value_type": float, "entity": person, "definition_period": DateUnit.DAY}
        if formula is not None:
            content |= {"value_type": bool, "formula": formula}
        system.add_variable(type(name, (Variable,), content))

    def formula_of(expression):
        vector = compile(
            " + ".join(f"({part})" for part in expression.split(" or ")).replace(" and ", ") * ("),
            "rule",
            "eval",
        )

        def formula(people, period):
            return eval(vector, {n: people(n, period) for n in facts if n in expression}) > 0

        return formula

    for name in facts:
        variable(name)
    for name, expression in rules:
        variable(f"rule_{name}", formula_of(expression))
    began = time.perf_counter()
    simulation = SimulationBuilder().build_default_simulation(system, count=table.num_rows)
    for name in facts:
        simulation.set_input(name, "2024-06-30", table.column(name).to_numpy())
    loading = time.perf_counter() - began
    began = time.perf_counter()
    answers = {name: simulation.calculate(f"rule_{name}", "2024-06-30") for name, _ in rules}
    seconds = time.perf_counter() - began
    return {
        "label": "OpenFisca-core 46",
        "seconds": seconds,
        "loading": loading,
        "sample": table.num_rows,
        "met": {n: int(numpy.sum(a)) for n, a in answers.items()},
    }


def rule_engine(rules, path):
    """Person by person, as such packages work."""
    import rule_engine as engine

    table = pq.read_table(path).slice(0, SLOW_SAMPLE)
    began = time.perf_counter()
    rows = table.to_pylist()
    compiled = [(n, engine.Rule(e)) for n, e in rules]
    loading = time.perf_counter() - began
    met = dict.fromkeys((n for n, _ in rules), 0)
    began = time.perf_counter()
    for row in rows:
        for name, rule in compiled:
            met[name] += rule.matches(row)
    return {
        "label": "rule-engine 5.1 (Python)",
        "seconds": time.perf_counter() - began,
        "loading": loading,
        "sample": len(rows),
        "met": met,
    }


if __name__ == "__main__":
    main()
