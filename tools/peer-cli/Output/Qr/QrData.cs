namespace Replica.PeerCli.Output.Qr;

/// <summary>Turns text into the codewords of a QR code of level L: alphanumeric data, error correction, interleaved.</summary>
/// <remarks>Source: [QR] 7.4 (alphanumeric mode), 7.5 (error correction) and 7.6 (order of codewords).</remarks>
internal static class QrData
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    private const int VersionMax = 40;
    private const int ModeBits = 4;
    private const int AlphanumericMode = 2;

    /// <summary>By version, from 1: how many codewords correct each block, and how many blocks there are.</summary>
    private static ReadOnlySpan<byte> CorrectionPerBlock =>
    [
        7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28,
        28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    ];

    private static ReadOnlySpan<byte> Blocks =>
    [
        1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8,
        8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25,
    ];

    /// <summary>Encodes text into the smallest version that holds it.</summary>
    /// <returns>All codewords in the order in which they are drawn; null if no version holds the text.</returns>
    public static byte[]? TryEncode(string text, out int version)
    {
        version = 0;
        if (text.Length == 0 || text.Any(static c => !Alphabet.Contains(c)))
        {
            return null;
        }

        for (version = 1; version <= VersionMax; version++)
        {
            var bits = ModeBits + CountBits(version) + (text.Length / 2 * 11) + (text.Length % 2 * 6);
            if (bits <= DataCodewords(version) * 8)
            {
                return Interleave(Data(text, version), version);
            }
        }

        return null;
    }

    private static int CountBits(int version) => version < 10 ? 9 : version < 27 ? 11 : 13;

    /// <summary>All codewords of a version: its modules without the fixed ones, in bytes.</summary>
    private static int Codewords(int version)
    {
        var modules = (((16 * version) + 128) * version) + 64;
        if (version >= 2)
        {
            var alignments = (version / 7) + 2;
            modules -= (((25 * alignments) - 10) * alignments) - 55;
        }

        return (modules - (version >= 7 ? 36 : 0)) / 8;
    }

    private static int DataCodewords(int version) =>
        Codewords(version) - (CorrectionPerBlock[version - 1] * Blocks[version - 1]);

    private static byte[] Data(string text, int version)
    {
        var bits = new List<bool>();
        void Add(int value, int count)
        {
            for (var index = count - 1; index >= 0; index--)
            {
                bits.Add(((value >> index) & 1) != 0);
            }
        }

        Add(AlphanumericMode, ModeBits);
        Add(text.Length, CountBits(version));
        for (var index = 0; index + 1 < text.Length; index += 2)
        {
            Add((Alphabet.IndexOf(text[index]) * Alphabet.Length) + Alphabet.IndexOf(text[index + 1]), 11);
        }

        if (text.Length % 2 == 1)
        {
            Add(Alphabet.IndexOf(text[^1]), 6);
        }

        var capacity = DataCodewords(version) * 8;
        Add(0, Math.Min(4, capacity - bits.Count));
        Add(0, (8 - (bits.Count % 8)) % 8);
        for (var filler = 0; bits.Count < capacity; filler++)
        {
            Add(filler % 2 == 0 ? 0xec : 0x11, 8);
        }

        return [.. bits.Chunk(8).Select(static octet => (byte)octet.Aggregate(0, static (sum, bit) => (sum << 1) | (bit ? 1 : 0)))];
    }

    private static byte[] Interleave(byte[] data, int version)
    {
        var (count, correction) = ((int)Blocks[version - 1], (int)CorrectionPerBlock[version - 1]);
        var all = Codewords(version);
        var shortBlocks = count - (all % count);
        var shortLength = (all / count) - correction;
        var generator = Generator(correction);
        var blocks = new List<(byte[] Data, byte[] Correction)>();
        var taken = 0;
        for (var index = 0; index < count; index++)
        {
            var block = data.AsSpan(taken, shortLength + (index < shortBlocks ? 0 : 1)).ToArray();
            taken += block.Length;
            blocks.Add((block, Remainder(block, generator)));
        }

        return
        [
            .. from index in Enumerable.Range(0, shortLength + 1) from block in blocks where index < block.Data.Length select block.Data[index],
            .. from index in Enumerable.Range(0, correction) from block in blocks select block.Correction[index],
        ];
    }

    /// <summary>The product of (x - 2^i), highest power first and left out, being 1.</summary>
    private static byte[] Generator(int degree)
    {
        var result = new byte[degree];
        result[^1] = 1;
        byte root = 1;
        for (var i = 0; i < degree; i++)
        {
            for (var j = 0; j < degree; j++)
            {
                result[j] = (byte)(Multiply(result[j], root) ^ (j + 1 < degree ? result[j + 1] : 0));
            }

            root = Multiply(root, 2);
        }

        return result;
    }

    private static byte[] Remainder(byte[] data, byte[] generator)
    {
        var result = new byte[generator.Length];
        foreach (var value in data)
        {
            var factor = (byte)(value ^ result[0]);
            result.AsSpan(1).CopyTo(result);
            result[^1] = 0;
            for (var index = 0; index < result.Length; index++)
            {
                result[index] ^= Multiply(generator[index], factor);
            }
        }

        return result;
    }

    /// <summary>The product in the field of 256 elements with the polynomial 0x11d.</summary>
    private static byte Multiply(byte x, byte y)
    {
        var product = 0;
        for (var bit = 7; bit >= 0; bit--)
        {
            product = (product << 1) ^ ((product >> 7) * 0x11d);
            product ^= ((y >> bit) & 1) * x;
        }

        return (byte)product;
    }
}
