using System.Text.Json;

namespace Replica.Testing.Scenarios;

/// <summary>A small, exact story: who writes what, who hears of it when, and what must then be visible.</summary>
public sealed class Scenario
{
    private Scenario(string id, string title, IReadOnlyList<string> replicas, IReadOnlyList<string> needs, JsonElement content)
    {
        Id = id;
        Title = title;
        Replicas = replicas;
        Needs = needs;
        Content = content;
    }

    /// <summary>Its name; unique in its file.</summary>
    public string Id { get; }

    /// <summary>What it is about, in a line.</summary>
    public string Title { get; }

    /// <summary>The replicas; their order is the order of the ids of their logs.</summary>
    public IReadOnlyList<string> Replicas { get; }

    /// <summary>The abilities that it asks for.</summary>
    public IReadOnlyList<string> Needs { get; }

    /// <summary>The whole of it as it stands in its file.</summary>
    internal JsonElement Content { get; }

    /// <summary>The steps in order, each as it stands in its file.</summary>
    internal IEnumerable<JsonElement> Steps => Content.GetProperty("steps").EnumerateArray();

    /// <summary>Every step, those inside repetitions too.</summary>
    internal IEnumerable<JsonElement> AllSteps => Steps.SelectMany(Flatten);

    /// <summary>Reads one scenario.</summary>
    /// <param name="content">The JSON object.</param>
    /// <exception cref="ScenarioException">A part of it is missing or is of another kind.</exception>
    internal static Scenario Read(JsonElement content)
    {
        var parts = new StepReader(content);
        var id = parts.Text("id");
        var replicas = parts.Texts("replicas");
        if (replicas.Count == 0 || replicas.Distinct().Count() != replicas.Count)
        {
            throw new ScenarioException($"Scenario {id}: 'replicas' must list at least one name, and each once.");
        }

        return content.TryGetProperty("steps", out var steps) && steps.ValueKind == JsonValueKind.Array
            ? new(id, parts.TextOrNothing("title") ?? "", replicas, parts.Has("needs") ? parts.Texts("needs") : [], content)
            : throw new ScenarioException($"Scenario {id}: the list 'steps' is missing.");
    }

    private static IEnumerable<JsonElement> Flatten(JsonElement step)
    {
        var inner = step.ValueKind == JsonValueKind.Object && step.TryGetProperty("steps", out var steps)
            && steps.ValueKind == JsonValueKind.Array
            ? steps.EnumerateArray().SelectMany(Flatten)
            : [];
        return inner.Prepend(step);
    }
}
