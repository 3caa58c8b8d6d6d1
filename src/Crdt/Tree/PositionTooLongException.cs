namespace Replica.Crdt.Tree;

/// <summary>No position of the allowed length lies between two siblings: their list must be spaced anew.</summary>
/// <param name="bytes">How long it would be.</param>
public sealed class PositionTooLongException(int bytes)
    : Exception($"A position there would take {bytes} bytes; {TreePosition.BytesMax} are allowed: respace the children of this parent.")
{
    /// <summary>The stable code.</summary>
    public const string Code = "REPLICA_POSITION_TOO_LONG";

    /// <summary>How long it would be.</summary>
    public int Bytes { get; } = bytes;
}
