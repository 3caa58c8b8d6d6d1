using System.Globalization;

namespace Replica.Peer.Host.Feeds;

/// <summary>A place in a space's order of application: behind one change, before the next. It outlives restarts.</summary>
/// <remarks>
/// It is this copy's own: another device, a restored or repaired file or a copied home applied its changes in another order,
/// and refuses it with <c>REPLICA_POSITION_UNKNOWN</c>. The default is the start. As text it is one word without spaces.
/// </remarks>
public readonly record struct ChangePosition
{
    /// <summary>The most characters of its text.</summary>
    public const int TextCharsMax = 53;

    private const int PartDigits = 16;
    private const char Separator = '-';

    internal ChangePosition(long arrival, ulong order, ulong change)
    {
        Arrival = arrival;
        Order = order;
        Change = change;
    }

    /// <summary>Before the first change.</summary>
    public static ChangePosition Start => default;

    /// <summary>How many changes lie before it here; 0 at the start. It grows from change to change.</summary>
    public long Arrival { get; }

    /// <summary>Names the order that the number is of.</summary>
    internal ulong Order { get; }

    /// <summary>The first bytes of the hash of the change before it: what must stand there.</summary>
    internal ulong Change { get; }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <returns>False if it is no position.</returns>
    public static bool TryParse(string? text, out ChangePosition position)
    {
        position = default;
        if (text is null || text.Length > TextCharsMax)
        {
            return false;
        }

        var parts = text.Split(Separator);
        if (!long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var arrival))
        {
            return false;
        }

        if (parts.Length == 1)
        {
            return arrival == 0;
        }

        if (parts.Length != 3 || arrival == 0 || !TryReadPart(parts[1], out var order) || !TryReadPart(parts[2], out var change))
        {
            return false;
        }

        position = new(arrival, order, change);
        return true;
    }

    /// <summary>The text to keep: <c>0</c> for the start, else the number and two times 16 digits, parted by <c>-</c>.</summary>
    public override string ToString() => Arrival == 0 ? "0" : $"{Arrival}{Separator}{Order:x16}{Separator}{Change:x16}";

    private static bool TryReadPart(string text, out ulong part)
    {
        part = 0;
        return text.Length == PartDigits && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out part);
    }
}
