using System.Text.Json;

namespace Replica.Testing.Vectors;

/// <summary>Runs a file of test vectors against the code that the product itself runs.</summary>
/// <remarks>
/// Known by their shape: Noise (<c>vectors</c> with a <c>protocol_name</c>, as Cacophony and Snow publish them, and
/// <c>rejects</c> that change one of them), Wycheproof (<c>algorithm</c> and <c>testGroups</c>), hostile MessagePack
/// (<c>cases</c> with <c>expect</c>), and known MessagePack values (lists of <c>{"kind": value, "msgpack": [hex, …]}</c>).
/// </remarks>
public static class VectorFile
{
    private static readonly JsonDocumentOptions s_lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Judges every vector of a file.</summary>
    /// <param name="content">The file's bytes, UTF-8.</param>
    /// <exception cref="VectorException">It is no JSON, of no known kind, or holds no vector.</exception>
    public static IReadOnlyList<VectorVerdict> Run(ReadOnlyMemory<byte> content)
    {
        using var document = Parse(content);
        var verdicts = Judge(document.RootElement).ToList();
        return verdicts.Count > 0 ? verdicts : throw new VectorException("The file holds no vectors.");
    }

    private static IEnumerable<VectorVerdict> Judge(JsonElement root)
    {
        var file = new VectorFields(root);
        if (root.ValueKind == JsonValueKind.Object)
        {
            if (file.Find("testGroups") is not null)
            {
                return WycheproofVectors.Judge(file);
            }

            if (file.Find("vectors") is not null || file.Find("rejects") is not null)
            {
                return NoiseVectors.Judge(file);
            }

            if (file.Find("cases") is not null)
            {
                return HostileEncodingVectors.Judge(file);
            }

            if (root.EnumerateObject().Any(static group => HasEncodings(group.Value)))
            {
                return KnownEncodingVectors.Judge(root);
            }
        }

        throw new VectorException("The file is of no kind that is known here: Noise has 'vectors' or 'rejects', Wycheproof 'testGroups', "
            + "hostile MessagePack 'cases', known MessagePack values lists with 'msgpack'.");
    }

    private static bool HasEncodings(JsonElement group) => group.ValueKind == JsonValueKind.Array
        && group.EnumerateArray().Any(static value => new VectorFields(value).Find("msgpack") is not null);

    private static JsonDocument Parse(ReadOnlyMemory<byte> content)
    {
        var bytes = content.Span.StartsWith((ReadOnlySpan<byte>)[0xef, 0xbb, 0xbf]) ? content[3..] : content;
        try
        {
            return JsonDocument.Parse(bytes, s_lenient);
        }
        catch (JsonException fault)
        {
            throw new VectorException($"The file is not valid JSON: {fault.Message}");
        }
    }
}
