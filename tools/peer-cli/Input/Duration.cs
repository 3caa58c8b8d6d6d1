namespace Replica.PeerCli.Input;

/// <summary>Spans of time as people write them: <c>45s</c>, <c>30m</c>, <c>24h</c>, <c>7d</c>.</summary>
internal static class Duration
{
    /// <summary>The whole seconds of one.</summary>
    /// <exception cref="UsageException">It is not written so, or longer than a year.</exception>
    public static long Seconds(string text, string option) => TrySeconds(text, out var seconds)
        ? seconds
        : throw new UsageException($"{option}: '{text}' is no span of time; write it like 30m, 24h or 7d, a year at most.");

    /// <summary>The whole seconds of one, if it is written so and no longer than a year.</summary>
    public static bool TrySeconds(string text, out long seconds)
    {
        var unit = text.Length == 0 ? 0 : text[^1] switch
        {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 24 * 3600,
            _ => 0,
        };
        seconds = unit > 0 && uint.TryParse(text.AsSpan(0, text.Length - 1), out var count) ? count * (long)unit : 0;
        return seconds is > 0 and <= 365L * 24 * 3600;
    }
}
