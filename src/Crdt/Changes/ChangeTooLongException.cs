namespace Replica.Crdt.Changes;

/// <summary>A transaction is longer than a change may be: split it. Nothing of it was kept.</summary>
/// <param name="bytes">How many bytes it takes.</param>
public sealed class ChangeTooLongException(int bytes)
    : Exception($"The transaction takes {bytes} bytes; a change may take {ChangeLimits.ChangeBytesMax}: split it.")
{
    /// <summary>How many bytes it takes.</summary>
    public int Bytes { get; } = bytes;
}
