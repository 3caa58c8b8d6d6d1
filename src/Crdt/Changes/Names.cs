using Replica.Crdt.Causality;
using Replica.Crdt.Encoding;
using Replica.Crdt.Values;

namespace Replica.Crdt.Changes;

/// <summary>The bounds of ids and names, checked before a local change is made.</summary>
public static class Names
{
    /// <summary>Refuses an id that is empty or too long.</summary>
    /// <exception cref="EncodingException">It is.</exception>
    public static void CheckId(string id, string what)
    {
        if (id.Length == 0)
        {
            throw new EncodingException($"The {what} is empty; 1 to {ValueLimits.IdBytesMax} bytes are allowed.");
        }

        Check(id, what, ValueLimits.IdBytesMax);
    }

    /// <summary>Refuses a name that is too long.</summary>
    /// <exception cref="EncodingException">It is.</exception>
    public static void Check(string name, string what) => Check(name, what, ValueLimits.NameBytesMax);

    private static void Check(string text, string what, int bytesMax)
    {
        if (text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') >= 0 && !Utf8Order.IsUnicode(text))
        {
            throw new EncodingException($"The {what} holds half of a surrogate pair and can't be written as UTF-8.");
        }

        if (text.Length * 3 <= bytesMax)
        {
            return;
        }

        var bytes = System.Text.Encoding.UTF8.GetByteCount(text);
        if (bytes > bytesMax)
        {
            throw new EncodingException($"The {what} takes {bytes} bytes; at most {bytesMax} are allowed.");
        }
    }
}
