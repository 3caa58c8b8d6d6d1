using System.Text;
using System.Text.Json;

namespace Replica.Testing.Scenarios;

/// <summary>Scenarios as files hold them: one JSON object with a list <c>scenarios</c>, or one scenario a line.</summary>
public static class ScenarioFile
{
    /// <summary>The format that is read.</summary>
    public const string Format = "replica-scenarios/1";

    /// <summary>Reads all scenarios of a file.</summary>
    /// <param name="content">The file's bytes, UTF-8.</param>
    /// <param name="isLines">Whether each line is a scenario of its own.</param>
    /// <exception cref="ScenarioException">The content is no JSON, of another format, or a part is missing.</exception>
    public static IReadOnlyList<Scenario> Read(ReadOnlySpan<byte> content, bool isLines)
    {
        if (content.StartsWith(Encoding.UTF8.Preamble))
        {
            content = content[Encoding.UTF8.Preamble.Length..];
        }

        if (!isLines)
        {
            var file = Parse(content, 1);
            CheckFormat(file);
            return file.TryGetProperty("scenarios", out var list) && list.ValueKind == JsonValueKind.Array
                ? [.. list.EnumerateArray().Select(Scenario.Read)]
                : throw new ScenarioException("The file has no list 'scenarios'.");
        }

        var scenarios = new List<Scenario>();
        var number = 0;
        foreach (var range in content.Split((byte)'\n'))
        {
            number++;
            var line = content[range].Trim(" \t\r"u8);
            if (line.IsEmpty)
            {
                continue;
            }

            var scenario = Parse(line, number);
            if (scenario.ValueKind == JsonValueKind.Object && scenario.TryGetProperty("format", out _) && !scenario.TryGetProperty("id", out _))
            {
                CheckFormat(scenario);
                continue;
            }

            scenarios.Add(Scenario.Read(scenario));
        }

        return scenarios;
    }

    private static JsonElement Parse(ReadOnlySpan<byte> json, int line)
    {
        try
        {
            using var document = JsonDocument.Parse(json.ToArray());
            return document.RootElement.Clone();
        }
        catch (JsonException fault)
        {
            throw new ScenarioException($"From line {line} on: not valid JSON: {fault.Message}");
        }
    }

    private static void CheckFormat(JsonElement file)
    {
        var format = file.ValueKind == JsonValueKind.Object && file.TryGetProperty("format", out var name) ? name.ToString() : "none";
        if (format != Format)
        {
            throw new ScenarioException($"The file's format is '{format}'; '{Format}' is read.");
        }
    }
}
