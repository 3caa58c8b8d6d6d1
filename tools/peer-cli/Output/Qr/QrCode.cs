namespace Replica.PeerCli.Output.Qr;

/// <summary>A QR code of level L for text of digits, capital letters and a few signs: what a ticket in capitals is made of.</summary>
/// <remarks>
/// Source: [QR] 7. Differs: of the eight masks the one with the fewest runs and blocks of one colour is taken; the pattern
/// and balance rules of 7.8.3 are left out, since readers take every mask.
/// </remarks>
internal sealed class QrCode
{
    private const int Masks = 8;
    private const int FormatOfLevelL = 1 << 3;

    private readonly bool[,] _dark;
    private readonly bool[,] _isFixed;
    private readonly int _version;

    private QrCode(int version)
    {
        _version = version;
        Size = (version * 4) + 17;
        _dark = new bool[Size, Size];
        _isFixed = new bool[Size, Size];
    }

    /// <summary>The modules on a side, without the quiet zone of four that belongs around it.</summary>
    public int Size { get; }

    /// <summary>Whether a module is dark; those outside are light.</summary>
    public bool IsDark(int x, int y) => x >= 0 && y >= 0 && x < Size && y < Size && _dark[x, y];

    /// <summary>Makes the smallest code that holds the text.</summary>
    /// <returns>Null when the text has another character, or is too long for any code.</returns>
    public static QrCode? TryCreate(string text)
    {
        if (QrData.TryEncode(text, out var version) is not { } codewords)
        {
            return null;
        }

        var code = new QrCode(version);
        code.DrawFixed();
        code.DrawData(codewords);
        var best = Enumerable.Range(0, Masks).MinBy(code.CostOf);
        code.Apply(best);
        code.DrawFormat(best);
        return code;
    }

    private static bool IsInverted(int mask, int x, int y) => mask switch
    {
        0 => (x + y) % 2 == 0,
        1 => y % 2 == 0,
        2 => x % 3 == 0,
        3 => (x + y) % 3 == 0,
        4 => ((x / 3) + (y / 2)) % 2 == 0,
        5 => (x * y % 2) + (x * y % 3) == 0,
        6 => ((x * y % 2) + (x * y % 3)) % 2 == 0,
        _ => (((x + y) % 2) + (x * y % 3)) % 2 == 0,
    };

    private int CostOf(int mask)
    {
        Apply(mask);
        DrawFormat(mask);
        var cost = 0;
        for (var a = 0; a < Size; a++)
        {
            cost += RunsOf(index => _dark[a, index]) + RunsOf(index => _dark[index, a]);
            for (var b = 0; a > 0 && b < Size - 1; b++)
            {
                var isBlock = _dark[a, b] == _dark[a - 1, b] && _dark[a, b] == _dark[a, b + 1] && _dark[a, b] == _dark[a - 1, b + 1];
                cost += isBlock ? 3 : 0;
            }
        }

        // A mask undoes itself.
        Apply(mask);
        return cost;
    }

    private int RunsOf(Func<int, bool> line)
    {
        var (cost, run) = (0, 1);
        for (var index = 1; index < Size; index++)
        {
            run = line(index) == line(index - 1) ? run + 1 : 1;
            cost += run == 5 ? 3 : run > 5 ? 1 : 0;
        }

        return cost;
    }

    private void Apply(int mask)
    {
        for (var x = 0; x < Size; x++)
        {
            for (var y = 0; y < Size; y++)
            {
                _dark[x, y] ^= !_isFixed[x, y] && IsInverted(mask, x, y);
            }
        }
    }

    private void DrawFixed()
    {
        for (var index = 0; index < Size; index++)
        {
            Fix(6, index, index % 2 == 0);
            Fix(index, 6, index % 2 == 0);
        }

        DrawRings(3, 3, 4);
        DrawRings(Size - 4, 3, 4);
        DrawRings(3, Size - 4, 4);
        var places = AlignmentPlaces();
        foreach (var x in places)
        {
            foreach (var y in places.Where(y => !(x == 6 && (y == 6 || y == Size - 7)) && !(x == Size - 7 && y == 6)))
            {
                DrawRings(x, y, 2);
            }
        }

        DrawFormat(0);
        DrawVersion();
    }

    /// <summary>Squares around a centre: dark at distances 0, 1 and 3 of a finder, 0 and 2 of an alignment pattern.</summary>
    private void DrawRings(int centreX, int centreY, int radius)
    {
        for (var x = Math.Max(0, centreX - radius); x <= Math.Min(Size - 1, centreX + radius); x++)
        {
            for (var y = Math.Max(0, centreY - radius); y <= Math.Min(Size - 1, centreY + radius); y++)
            {
                var distance = Math.Max(Math.Abs(x - centreX), Math.Abs(y - centreY));
                Fix(x, y, radius == 4 ? distance is not (2 or 4) : distance != 1);
            }
        }
    }

    private int[] AlignmentPlaces()
    {
        if (_version == 1)
        {
            return [];
        }

        var count = (_version / 7) + 2;
        var step = _version == 32 ? 26 : ((_version * 4) + (count * 2) + 1) / ((count * 2) - 2) * 2;
        return [6, .. Enumerable.Range(0, count - 1).Select(index => Size - 7 - (index * step)).Reverse()];
    }

    private void DrawFormat(int mask)
    {
        var data = FormatOfLevelL | mask;
        var rest = data;
        for (var index = 0; index < 10; index++)
        {
            rest = (rest << 1) ^ ((rest >> 9) * 0x537);
        }

        var bits = ((data << 10) | rest) ^ 0x5412;
        bool Bit(int index) => ((bits >> index) & 1) != 0;
        for (var index = 0; index < 15; index++)
        {
            // Rows and columns of the timing pattern are stepped over.
            var (x, y) = index < 8 ? (8, index < 6 ? index : index + 1) : (index == 8 ? 7 : 14 - index, 8);
            Fix(x, y, Bit(index));
            Fix(index < 8 ? Size - 1 - index : 8, index < 8 ? 8 : Size - 15 + index, Bit(index));
        }

        Fix(8, Size - 8, isDark: true);
    }

    private void DrawVersion()
    {
        if (_version < 7)
        {
            return;
        }

        var rest = _version;
        for (var index = 0; index < 12; index++)
        {
            rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
        }

        var bits = (_version << 12) | rest;
        for (var index = 0; index < 18; index++)
        {
            var isDark = ((bits >> index) & 1) != 0;
            Fix(Size - 11 + (index % 3), index / 3, isDark);
            Fix(index / 3, Size - 11 + (index % 3), isDark);
        }
    }

    /// <summary>Two columns at a time from the right, up and down by turns, the timing column stepped over.</summary>
    private void DrawData(byte[] codewords)
    {
        var bit = 0;
        for (var right = Size - 1; right >= 1; right -= 2)
        {
            right = right == 6 ? 5 : right;
            for (var step = 0; step < Size; step++)
            {
                var y = ((right + 1) & 2) == 0 ? Size - 1 - step : step;
                for (var x = right; x >= right - 1; x--)
                {
                    if (!_isFixed[x, y] && bit < codewords.Length * 8)
                    {
                        _dark[x, y] = ((codewords[bit / 8] >> (7 - (bit % 8))) & 1) != 0;
                        bit++;
                    }
                }
            }
        }
    }

    private void Fix(int x, int y, bool isDark)
    {
        _dark[x, y] = isDark;
        _isFixed[x, y] = true;
    }
}
