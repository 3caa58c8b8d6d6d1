using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Replica.Transport.Discovery;

/// <summary>One question that nobody can answer, sent on each interface to see whether it comes back. Any thread may call.</summary>
internal sealed class LanSelfTest
{
    private readonly Lock _gate = new();
    private readonly HashSet<int> _missing;
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LanSelfTest(IEnumerable<LanInterface> interfaces)
    {
        Interfaces = [.. interfaces.DistinctBy(static one => one.Index)];
        _missing = [.. Interfaces.Select(static one => one.Index)];
        // A name drawn for this test alone: it tells others nothing, and no one has it.
        var name = BinaryPrimitives.ReadUInt64BigEndian(RandomNumberGenerator.GetBytes(8)).ToString("x16", CultureInfo.InvariantCulture);
        Packet = DnsCodec.WriteQuery(new DnsQuestion($"{name}.{LanMachine.ServiceName}", DnsType.Txt, false));
        EndIfWhole();
    }

    /// <summary>Where it is sent.</summary>
    public IReadOnlyList<LanInterface> Interfaces { get; }

    /// <summary>What is sent.</summary>
    public byte[] Packet { get; }

    /// <summary>Ends when it was heard on every interface.</summary>
    public Task Done => _done.Task;

    /// <summary>What was heard so far.</summary>
    public IReadOnlyList<LanEcho> Echoes
    {
        get
        {
            lock (_gate)
            {
                return [.. Interfaces.Select(one => new LanEcho(one, !_missing.Contains(one.Index)))];
            }
        }
    }

    /// <summary>Takes a packet that came on an interface; others' are nothing to it.</summary>
    public void OnPacket(int index, ReadOnlySpan<byte> packet)
    {
        if (packet.SequenceEqual(Packet))
        {
            lock (_gate)
            {
                _ = _missing.Remove(index);
            }

            EndIfWhole();
        }
    }

    private void EndIfWhole()
    {
        lock (_gate)
        {
            if (_missing.Count == 0)
            {
                _ = _done.TrySetResult();
            }
        }
    }
}
