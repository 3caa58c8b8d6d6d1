using System.Text.Json;
using Replica.Crdt.Encoding;

namespace Replica.Crdt.Values;

/// <summary>Text out of a JSON reader, refused where it is no Unicode.</summary>
internal static class JsonText
{
    /// <summary>The text of the string or name the reader stands on.</summary>
    /// <exception cref="EncodingException">It holds a lone surrogate or bytes that are no UTF-8.</exception>
    public static string Read(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new EncodingException("A text in the JSON is not valid Unicode (half of a surrogate pair or bad UTF-8).");
        }
    }
}
