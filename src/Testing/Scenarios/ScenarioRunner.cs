using Replica.Crdt.Values;

namespace Replica.Testing.Scenarios;

/// <summary>Runs scenarios on the real merge and the real store, with a clock and signatures of its own.</summary>
public static class ScenarioRunner
{
    /// <summary>Runs one scenario, under each clock policy that it names.</summary>
    public static ScenarioResult Run(Scenario scenario, ScenarioOptions options)
    {
        var missing = Abilities.MissingFor(scenario);
        var policies = Policies.Of(scenario);
        if (missing.Count > 0 || policies.Count == 0)
        {
            return new(scenario.Id, ScenarioOutcome.Skipped, missing, null, null, null);
        }

        foreach (var policy in policies)
        {
            if (Run(scenario, options, policy) is { } failure)
            {
                return failure;
            }
        }

        return new(scenario.Id, ScenarioOutcome.Ok, [], null, null, null);
    }

    private static ScenarioResult? Run(Scenario scenario, ScenarioOptions options, ClockPolicy policy)
    {
        using var world = new ScenarioWorld(scenario, options, policy);
        var actions = new ScenarioActions(world);
        var assertions = new ScenarioAssertions(world);
        var number = 0;
        try
        {
            world.Found();
            foreach (var step in scenario.Steps)
            {
                world.StartStep(number);
                Carry(step, null);
                number++;
            }

            return null;
        }
        catch (MismatchException mismatch)
        {
            return Failed(mismatch.Expected.ToString(), mismatch.Actual.ToString());
        }
        catch (Exception fault)
        {
            // Whatever the engine throws is this scenario's failure; the others go on.
            return Failed(null, Value.From($"{fault.GetType().Name}: {fault.Message}").ToString());
        }

        void Carry(System.Text.Json.JsonElement step, long? turn)
        {
            if (new StepReader(step).TextOrNothing("do") == "repeat")
            {
                Repeat(new(step));
                return;
            }

            var expanded = StepExpansion.Expand(step, turn);
            if (new StepReader(expanded).Has("assert"))
            {
                assertions.Check(expanded);
            }
            else
            {
                actions.Carry(new(expanded));
            }
        }

        void Repeat(StepReader step)
        {
            var times = step.Number("times");
            for (var turn = 0L; turn < times; turn++)
            {
                foreach (var inner in step.Items("steps"))
                {
                    Carry(inner, turn);
                }
            }
        }

        ScenarioResult Failed(string? expected, string actual) =>
            new(scenario.Id, ScenarioOutcome.Failed, [], number, expected, actual);
    }
}
