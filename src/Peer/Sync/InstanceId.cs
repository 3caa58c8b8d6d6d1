namespace Replica.Peer.Sync;

/// <summary>Tells one running process of a device from the next: 16 random bytes, drawn at its start. Zero names none.</summary>
/// <param name="Value">The 16 bytes, big-endian; instances order by them.</param>
internal readonly record struct InstanceId(UInt128 Value) : IComparable<InstanceId>
{
    /// <summary>The size in bytes.</summary>
    public const int Size = 16;

    public int CompareTo(InstanceId other) => Value.CompareTo(other.Value);

    /// <summary>32 hex digits.</summary>
    public override string ToString() => Value.ToString("x32");
}
