using System.Buffers;
using System.Text;
using System.Text.Json;
using Replica.Crdt.Encoding;
using Replica.Peer.Net;

namespace Replica.Web.Json;

/// <summary>Presences as JSON: <c>{"device","text","leftMs"}</c>, with <c>base64</c> instead where the content is no text.</summary>
internal static class PresenceJson
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly string[] s_names = ["text", "base64", "ttlMs"];

    /// <summary>Writes one.</summary>
    public static void Write(IBufferWriter<byte> output, PresenceEntry entry)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartObject();
        json.WriteString("device", entry.Device);
        try
        {
            json.WriteString("text", s_strict.GetString(entry.Content.Span));
        }
        catch (DecoderFallbackException)
        {
            json.WriteBase64String("base64", entry.Content.Span);
        }

        json.WriteNumber("leftMs", (long)entry.Left.TotalMilliseconds);
        json.WriteEndObject();
    }

    /// <summary>Reads what this device is to say, and for how long.</summary>
    /// <exception cref="EncodingException">It is not of this form.</exception>
    public static (byte[] Content, TimeSpan Ttl) Read(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = StrictObject.DepthMax });
        byte[]? content = null;
        var milliseconds = 30_000L;
        var seen = 0;
        try
        {
            _ = reader.Read();
            StrictObject.Start(ref reader, "body");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                switch (StrictObject.Name(ref reader, s_names, ref seen))
                {
                    case "text":
                        content = s_strict.GetBytes(StrictObject.Text(ref reader, "text"));
                        break;
                    case "base64":
                        content = Decode(StrictObject.Text(ref reader, "base64"));
                        break;
                    default:
                        milliseconds = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number)
                            ? number
                            : throw new EncodingException("'ttlMs' must be a number of milliseconds.");
                        break;
                }
            }

            StrictObject.End(ref reader);
        }
        catch (JsonException fault)
        {
            throw JsonFault.Explain(fault);
        }

        return (content ?? throw new EncodingException("What to say is missing: give 'text' or 'base64'."), TimeSpan.FromMilliseconds(milliseconds));
    }

    private static byte[] Decode(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var written)
            ? bytes[..written]
            : throw new EncodingException("'base64' is no base64.");
    }
}
