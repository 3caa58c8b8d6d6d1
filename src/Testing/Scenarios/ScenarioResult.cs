using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Replica.Testing.Scenarios;

/// <summary>What became of a scenario.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Missing">The abilities that the runner lacks for it; none if it was run.</param>
/// <param name="Step">For a failure the step, counted from 0 as the file lists them.</param>
/// <param name="Expected">For a failure what had to be visible, as JSON; nothing where a step could not be carried out.</param>
/// <param name="Actual">For a failure what was visible, or what went wrong, as JSON.</param>
public sealed record ScenarioResult(
    string Id, ScenarioOutcome Outcome, IReadOnlyList<string> Missing, int? Step, string? Expected, string? Actual)
{
    /// <summary>The result as one line of JSON.</summary>
    public string ToJson()
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("id", Id);
            writer.WriteString("result", Outcome.ToString().ToLowerInvariant());
            writer.WriteStartArray("missing");
            foreach (var ability in Missing)
            {
                writer.WriteStringValue(ability);
            }

            writer.WriteEndArray();
            writer.WritePropertyName("step");
            writer.WriteRawValue(Step?.ToString() ?? "null");
            writer.WritePropertyName("expected");
            writer.WriteRawValue(Expected ?? "null");
            writer.WritePropertyName("actual");
            writer.WriteRawValue(Actual ?? "null");
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
