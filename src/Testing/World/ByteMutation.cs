namespace Replica.Testing.World;

/// <summary>Bytes as a broken line or a liar makes them of good ones.</summary>
internal static class ByteMutation
{
    /// <summary>A damaged copy; never empty, and different from the original unless a part is written over with itself.</summary>
    public static byte[] Next(byte[] good, Chance chance)
    {
        if (good.Length == 0)
        {
            return [(byte)chance.Below(256)];
        }

        var bytes = (byte[])good.Clone();
        switch (chance.Below(6))
        {
            case 0:
                return bytes[..Math.Max(1, chance.Below(bytes.Length))];
            case 1:
                return [.. bytes, .. chance.Bytes(chance.Between(1, 16))];
            case 2:
                var (from, to) = (chance.Below(bytes.Length), chance.Below(bytes.Length));
                var length = chance.Below(bytes.Length - Math.Max(from, to)) + 1;
                good.AsSpan(from, length).CopyTo(bytes.AsSpan(to));
                bytes[to] ^= 1;
                return bytes;
            case 3:
                bytes[chance.Below(bytes.Length)] = chance.Pick<byte>([0x00, 0x7F, 0x80, 0xC0, 0xC1, 0xC6, 0xDC, 0xDD, 0xFF]);
                return bytes;
            default:
                for (var flips = chance.Pick([1, 1, 1, 8]); flips > 0; flips--)
                {
                    bytes[chance.Below(bytes.Length)] ^= (byte)(1 << chance.Below(8));
                }

                return bytes;
        }
    }
}
