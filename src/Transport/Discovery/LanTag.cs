namespace Replica.Transport.Discovery;

/// <summary>Eight bytes by which members of one space recognise each other's announcement, and nobody else.</summary>
/// <param name="Value">The bytes, big-endian.</param>
public readonly record struct LanTag(ulong Value)
{
    /// <summary>16 hex digits.</summary>
    public override string ToString() => Value.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}
