using System.Text.Json;
using Replica.Crdt.Encoding;

namespace Replica.Web.Json;

/// <summary>Says in one line what is wrong with a text that is no JSON.</summary>
internal static class JsonFault
{
    /// <summary>The fault with its place, without what the reader adds for programmers.</summary>
    public static EncodingException Explain(JsonException fault)
    {
        var message = fault.Message;
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var text = end < 0 ? message : message[..end];
        return new EncodingException($"Not valid JSON near byte {fault.BytePositionInLine ?? 0}: {text}");
    }
}
