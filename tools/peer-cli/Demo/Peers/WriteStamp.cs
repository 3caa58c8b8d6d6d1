using System.Globalization;

namespace Replica.PeerCli.Demo.Peers;

/// <summary>When a change was made, as its receipt says: a time of equal length everywhere, <c>+</c>, and a counter.</summary>
internal readonly record struct WriteStamp(string Time, int Counter) : IComparable<WriteStamp>
{
    /// <summary>Reads one.</summary>
    public static WriteStamp Parse(string text)
    {
        var plus = text.LastIndexOf('+');
        return plus < 0 ? new(text, 0) : new(text[..plus], int.Parse(text.AsSpan(plus + 1), NumberStyles.None, CultureInfo.InvariantCulture));
    }

    /// <inheritdoc/>
    public int CompareTo(WriteStamp other)
    {
        var time = string.CompareOrdinal(Time, other.Time);
        return time != 0 ? time : Counter.CompareTo(other.Counter);
    }
}
