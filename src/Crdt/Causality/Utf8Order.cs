namespace Replica.Crdt.Causality;

/// <summary>Orders strings by their UTF-8 bytes, which is not .NET's ordinal order beyond the basic plane.</summary>
public sealed class Utf8Order : IComparer<string>
{
    private Utf8Order()
    {
    }

    /// <summary>The one instance; it has no state.</summary>
    public static Utf8Order Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
        {
            return (x is null ? 0 : 1) - (y is null ? 0 : 1);
        }

        var shared = x.AsSpan().CommonPrefixLength(y);
        if (shared == x.Length || shared == y.Length)
        {
            return x.Length.CompareTo(y.Length);
        }

        // Code point order is UTF-8 order; a surrogate stands for a code point above every single char.
        return Weight(x[shared]) - Weight(y[shared]);
    }

    /// <summary>Whether the text has UTF-8 bytes at all: no half of a surrogate pair.</summary>
    internal static bool IsUnicode(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (System.Text.Rune.DecodeFromUtf16(text, out _, out var taken) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            text = text[taken..];
        }

        return true;
    }

    private static int Weight(char c) => char.IsSurrogate(c) ? c + 0x10000 : c;
}
