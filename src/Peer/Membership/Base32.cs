namespace Replica.Peer.Membership;

/// <summary>Bytes as lower-case letters and the digits 2 to 7, without padding: safe to read out, wrap and select.</summary>
/// <remarks>Source: [RFC4648] section 6. Differs: lower case, no padding; a decoder wants the spare bits to be zero.</remarks>
internal static class Base32
{
    private const int CharBits = 5;
    private const int ByteBits = 8;
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>Writes <paramref name="bytes"/> as text.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new char[((bytes.Length * ByteBits) + CharBits - 1) / CharBits];
        int held = 0, bits = 0, at = 0;
        foreach (var value in bytes)
        {
            held = ((held << ByteBits) | value) & 0xfff;
            bits += ByteBits;
            while (bits >= CharBits)
            {
                bits -= CharBits;
                text[at++] = Alphabet[(held >> bits) & 0x1f];
            }
        }

        if (bits > 0)
        {
            text[at] = Alphabet[(held << (CharBits - bits)) & 0x1f];
        }

        return new string(text);
    }

    /// <summary>Reads text in either case.</summary>
    /// <returns>Null when a character, the length or the spare bits are not what <see cref="Encode"/> writes.</returns>
    public static byte[]? TryDecode(ReadOnlySpan<char> text)
    {
        var bytes = new byte[text.Length * CharBits / ByteBits];
        int held = 0, bits = 0, at = 0;
        foreach (var character in text)
        {
            var value = character switch
            {
                >= 'a' and <= 'z' => character - 'a',
                >= 'A' and <= 'Z' => character - 'A',
                >= '2' and <= '7' => character - '2' + 26,
                _ => -1,
            };
            if (value < 0)
            {
                return null;
            }

            held = ((held << CharBits) | value) & 0xfff;
            bits += CharBits;
            if (bits >= ByteBits)
            {
                bits -= ByteBits;
                bytes[at++] = (byte)((held >> bits) & 0xff);
            }
        }

        return bits < CharBits && (held & ((1 << bits) - 1)) == 0 ? bytes : null;
    }
}
