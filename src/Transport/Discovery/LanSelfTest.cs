using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Replica.Transport.Discovery;

/// <summary>One question that nobody can answer, sent on each link to see whether it comes back. Any thread may call.</summary>
internal sealed class LanSelfTest
{
    private readonly Lock _gate = new();
    private readonly HashSet<LanLink> _missing;
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LanSelfTest(IEnumerable<LanInterface> interfaces)
    {
        Interfaces =
        [
            .. interfaces.OrderBy(static one => !one.Address.IsIPv6LinkLocal).DistinctBy(LinkOf).OrderBy(static one => one.Name, StringComparer.Ordinal),
        ];
        _missing = [.. Interfaces.Select(LinkOf)];
        // A name drawn for this test alone: it tells others nothing, and no one has it.
        var name = BinaryPrimitives.ReadUInt64BigEndian(RandomNumberGenerator.GetBytes(8)).ToString("x16", CultureInfo.InvariantCulture);
        Packet = DnsCodec.WriteQuery(new DnsQuestion($"{name}.{LanMachine.ServiceName}", DnsType.Txt, false));
        EndIfWhole();
    }

    /// <summary>Where it is sent: each interface once for each family.</summary>
    public IReadOnlyList<LanInterface> Interfaces { get; }

    /// <summary>What is sent.</summary>
    public byte[] Packet { get; }

    /// <summary>The same to be sent.</summary>
    public IReadOnlyList<LanOutput> Output => [.. Interfaces.Select(one => new LanOutput(LinkOf(one), null, Packet))];

    /// <summary>Ends when it was heard on every link.</summary>
    public Task Done => _done.Task;

    /// <summary>What was heard so far.</summary>
    public IReadOnlyList<LanEcho> Echoes
    {
        get
        {
            lock (_gate)
            {
                return [.. Interfaces.Select(one => new LanEcho(one, !_missing.Contains(LinkOf(one))))];
            }
        }
    }

    /// <summary>Takes a packet that came on a link; others' are nothing to it.</summary>
    public void OnPacket(LanLink link, ReadOnlySpan<byte> packet)
    {
        if (packet.SequenceEqual(Packet))
        {
            lock (_gate)
            {
                _ = _missing.Remove(link);
            }

            EndIfWhole();
        }
    }

    private static LanLink LinkOf(LanInterface one) => new(one.Index, one.Address.AddressFamily);

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
