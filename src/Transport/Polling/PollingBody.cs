namespace Replica.Transport.Polling;

/// <summary>A body that is to be fetched.</summary>
/// <param name="Sequence">Its number; it is offered again until that number is acknowledged.</param>
/// <param name="Bytes">At most <see cref="PollingWire.BodyBytesMax"/>; none when nothing came in time.</param>
/// <param name="IsEnd">Whether nothing follows it.</param>
public sealed record PollingBody(long Sequence, ReadOnlyMemory<byte> Bytes, bool IsEnd);
