using System.Text;
using System.Text.Json;
using Replica.Peer.Host;

namespace Replica.PeerCli.Control;

/// <summary>Reads what the control API answered.</summary>
internal static class Answer
{
    private const string ProblemMark = "{\"problem\":";
    private const int ProblemBytesMax = 256 * 1024;

    /// <summary>Turns a problem document into the exception that its code names.</summary>
    /// <exception cref="ReplicaException">The answer is not a success.</exception>
    public static async Task CheckAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.IsSuccessStatusCode)
        {
            return;
        }

        await answer.Content.LoadIntoBufferAsync(ProblemBytesMax, cancellationToken);
        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        throw Problem(body) ?? new ReplicaException(
            "REPLICA_INTERNAL", $"The process that holds the home answered {(int)answer.StatusCode} without saying why: is it another version?");
    }

    /// <summary>The problem that a line of an answer says; nothing if it is another line.</summary>
    public static ReplicaException? ProblemIn(string line) => line.StartsWith(ProblemMark, StringComparison.Ordinal)
        ? Problem(Encoding.UTF8.GetBytes(line[ProblemMark.Length..^1]))
        : null;

    /// <summary>The problem in the last line of a document that could not be given to its end.</summary>
    public static ReplicaException? ProblemAtEnd(ReadOnlySpan<byte> tail) =>
        ProblemIn(Encoding.UTF8.GetString(tail).TrimEnd('\n').Split('\n')[^1]);

    /// <summary>A text of a JSON object; empty where it is not there.</summary>
    public static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>A whole number of a JSON object; 0 where it is not there.</summary>
    public static long Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? number
            : 0;

    /// <summary>A truth value of a JSON object; false where it is not there.</summary>
    public static bool Truth(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    /// <summary>The items of an array in a JSON object; none where it is not there.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];

    private static ReplicaException? Problem(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var (code, detail) = (Text(document.RootElement, "code"), Text(document.RootElement, "detail"));
            return code.Length == 0 ? null : new ReplicaException(code, detail);
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
