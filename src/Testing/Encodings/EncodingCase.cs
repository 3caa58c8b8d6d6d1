using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Replica.Crdt.Encoding;
using Replica.Crdt.Values;

namespace Replica.Testing.Encodings;

/// <summary>Bytes that may or may not be a value in the one form that the format allows.</summary>
/// <param name="Id">How its file calls it.</param>
/// <param name="Bytes">The bytes.</param>
public sealed record EncodingCase(string Id, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Reads the bytes as exactly one value and says what came of it, as one line of JSON.</summary>
    /// <returns><c>{"id":…,"result":"accepted","value":…}</c> or <c>{"id":…,"result":"refused","reason":…}</c>.</returns>
    public string Judge()
    {
        try
        {
            var reader = new MessagePackReader(Bytes.Span);
            var value = ValueCodec.Read(ref reader);
            reader.ReadEnd();
            return Line("accepted", writer =>
            {
                writer.WritePropertyName("value");
                writer.WriteRawValue(value.ToString());
            });
        }
        catch (EncodingException fault)
        {
            return Line("refused", writer => writer.WriteString("reason", fault.Message));
        }
    }

    private string Line(string result, Action<Utf8JsonWriter> rest)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 2 * ValueJson.DepthMax }))
        {
            writer.WriteStartObject();
            writer.WriteString("id", Id);
            writer.WriteString("result", result);
            rest(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
