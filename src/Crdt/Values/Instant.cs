namespace Replica.Crdt.Values;

/// <summary>A point in time: seconds since 1970 (negative before) and nanoseconds within the second.</summary>
/// <param name="Seconds">Whole seconds, any 64-bit number.</param>
/// <param name="Nanoseconds">0 to 999,999,999.</param>
public readonly record struct Instant(long Seconds, int Nanoseconds)
{
    /// <summary>How many nanoseconds a second has.</summary>
    public const int NanosecondsPerSecond = 1_000_000_000;

    private const long FirstSecond = -62_135_596_800;
    private const long LastSecond = 253_402_300_799;

    /// <summary>RFC 3339 in UTC with as many digits as needed; outside the years 1 to 9999 <c>seconds.nanoseconds</c>.</summary>
    public override string ToString()
    {
        var fraction = Nanoseconds == 0 ? "" : "." + Nanoseconds.ToString("d9").TrimEnd('0');
        return Seconds is >= FirstSecond and <= LastSecond
            ? $"{DateTimeOffset.FromUnixTimeSeconds(Seconds):yyyy-MM-ddTHH:mm:ss}{fraction}Z"
            : $"{Seconds}{(fraction.Length == 0 ? ".0" : fraction)}";
    }

    /// <summary>Reads what <see cref="ToString"/> writes, and RFC 3339 with any offset.</summary>
    public static bool TryParse(string text, out Instant instant)
    {
        instant = default;
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var end = point < 0 ? text.Length : point + 1;
        while (point >= 0 && end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        var nanoseconds = 0;
        if (point >= 0 && !TryFraction(text.AsSpan(point + 1, end - point - 1), out nanoseconds))
        {
            return false;
        }

        // The fraction is parsed apart: the framework rounds it to seven digits, at times into the next second.
        var whole = point < 0 ? text : string.Concat(text.AsSpan(0, point), text.AsSpan(end));
        if (text.Length > 10 && text[10] is 'T' or 't' or ' '
            && DateTimeOffset.TryParse(whole, null, System.Globalization.DateTimeStyles.AssumeUniversal, out var time))
        {
            instant = new(time.ToUnixTimeSeconds(), nanoseconds);
            return true;
        }

        if (point < 0 || end != text.Length || !long.TryParse(text.AsSpan(0, point), out var seconds))
        {
            return false;
        }

        instant = new(seconds, nanoseconds);
        return true;
    }

    private static bool TryFraction(ReadOnlySpan<char> digits, out int nanoseconds)
    {
        nanoseconds = 0;
        if (digits.Length is 0 or > 9 || digits.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        for (var i = 0; i < 9; i++)
        {
            nanoseconds = (nanoseconds * 10) + (i < digits.Length ? digits[i] - '0' : 0);
        }

        return true;
    }
}
