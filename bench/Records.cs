using System.Globalization;
using System.Text;

namespace Replica.Bench;

/// <summary>The records that rows import, sync and query: the same for each contender, each run and each computer.</summary>
internal static class Records
{
    private const int TitleCharsMin = 20;
    private const int TitleCharsMax = 60;
    private const int SecondsInYear = 31_536_000;

    private static readonly DateTime s_firstChange = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly string[] s_words =
    [
        "amber", "beacon", "copper", "delta", "ember", "fjord", "garnet", "harbour", "island", "juniper", "kestrel", "lantern",
        "meadow", "north", "orchard", "pebble", "quarry", "river", "sable", "thistle", "umber", "valley", "willow", "Zürich",
    ];

    /// <summary>The first <paramref name="count"/> records of a seed.</summary>
    public static Record[] Generate(ulong seed, int count)
    {
        var chance = new SplitMix64(seed);
        var records = new Record[count];
        for (var index = 0; index < count; index++)
        {
            records[index] = Next(ref chance);
        }

        return records;
    }

    private static Record Next(ref SplitMix64 chance)
    {
        var id = chance.Next().ToString("x16", CultureInfo.InvariantCulture) + chance.Next().ToString("x16", CultureInfo.InvariantCulture);
        var quantity = chance.Below(10) == 0 ? (long)(chance.Next() >> 8) : chance.Below(1_000);
        var price = Math.Round(chance.Unit() * 10_000, 2);
        var done = chance.Below(10) < 3;
        var changed = s_firstChange.AddMilliseconds((double)chance.Below(SecondsInYear) * 1_000 + chance.Below(1_000));
        return new Record(id, Title(ref chance), quantity, price, done,
            changed.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
    }

    private static string Title(ref SplitMix64 chance)
    {
        var length = TitleCharsMin + chance.Below(TitleCharsMax - TitleCharsMin + 1);
        var title = new StringBuilder(length + 8);
        while (title.Length < length)
        {
            title.Append(s_words[chance.Below(s_words.Length)]).Append(' ');
        }

        // Words are cut where the length says, and a cut behind a word leaves no blank at the end.
        title.Length = length;
        if (title[^1] == ' ')
        {
            title[^1] = '.';
        }

        return title.ToString();
    }
}
