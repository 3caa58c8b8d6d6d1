using System.Text.Json;

namespace Replica.Testing.Scenarios;

/// <summary>Which of the policies on which engines rightly differ are this engine's.</summary>
internal static class Policies
{
    private const string Delete = "update-wins-whole";

    /// <summary>The clock policies under which a scenario is run: holds are off unless something in it names them.</summary>
    public static IReadOnlyList<ClockPolicy> Of(Scenario scenario)
    {
        var named = scenario.AllSteps.Prepend(scenario.Content).Any(static part => Names(part, "clock", "bounded"));
        ClockPolicy[] all = named ? [ClockPolicy.Accept, ClockPolicy.Bounded] : [ClockPolicy.Accept];
        return Array.FindAll(all, policy => Holds(scenario.Content, policy));
    }

    /// <summary>Whether a scenario or assertion is about an engine with these policies.</summary>
    public static bool Holds(JsonElement part, ClockPolicy clock)
    {
        if (!part.TryGetProperty("when", out var when) || when.ValueKind != JsonValueKind.Object)
        {
            return true;
        }

        var isBounded = clock == ClockPolicy.Bounded;
        return when.EnumerateObject().All(policy => policy.Name switch
        {
            "delete" => Lists(policy.Value, Delete),
            "clock" => Lists(policy.Value, isBounded ? "bounded" : "accept"),
            _ => false,
        });
    }

    private static bool Names(JsonElement part, string policy, string choice) => part.ValueKind == JsonValueKind.Object
        && part.TryGetProperty("when", out var when) && when.ValueKind == JsonValueKind.Object
        && when.TryGetProperty(policy, out var choices) && Lists(choices, choice);

    private static bool Lists(JsonElement choices, string choice) => choices.ValueKind == JsonValueKind.Array
        ? choices.EnumerateArray().Any(one => Lists(one, choice))
        : choices.ValueKind == JsonValueKind.String && choices.ValueEquals(choice);
}
