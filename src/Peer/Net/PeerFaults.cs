using Replica.Transport;

namespace Replica.Peer.Net;

/// <summary>Counts how often devices broke the protocol, and keeps each away for longer after each time. Any thread may call.</summary>
internal sealed class PeerFaults(TimeProvider time)
{
    /// <summary>Of how many devices it is remembered; who comes when it is full replaces the one that may come back first.</summary>
    private const int DevicesMax = 4096;

    /// <summary>After the first fault; doubled with each further one.</summary>
    private static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan PauseMax = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<DeviceKey, Fault> _faults = [];

    /// <summary>Counts one.</summary>
    public void Add(DeviceKey device)
    {
        lock (_gate)
        {
            if (_faults.Count >= DevicesMax && !_faults.ContainsKey(device))
            {
                _ = _faults.Remove(_faults.MinBy(pair => Left(pair.Value)).Key);
            }

            var count = _faults.TryGetValue(device, out var before) ? before.Count + 1 : 1;
            var pause = PauseMin.TotalSeconds * Math.Pow(2, Math.Min(count - 1, 30));
            _faults[device] = new(count, time.GetTimestamp(), pause < PauseMax.TotalSeconds ? TimeSpan.FromSeconds(pause) : PauseMax);
        }
    }

    /// <summary>How often the device broke the protocol since this process began.</summary>
    public int CountOf(DeviceKey device)
    {
        lock (_gate)
        {
            return _faults.TryGetValue(device, out var fault) ? fault.Count : 0;
        }
    }

    /// <summary>Whether the device is kept away for now.</summary>
    public bool IsKeptAway(DeviceKey device)
    {
        lock (_gate)
        {
            return _faults.TryGetValue(device, out var fault) && Left(fault) > TimeSpan.Zero;
        }
    }

    /// <summary>The devices that are kept away for now, the longest first.</summary>
    public IReadOnlyList<KeptAway> KeptAway
    {
        get
        {
            lock (_gate)
            {
                return
                [
                    .. from pair in _faults
                       let left = Left(pair.Value)
                       where left > TimeSpan.Zero
                       orderby left descending
                       select new KeptAway(pair.Key.ToString(), pair.Value.Count, left),
                ];
            }
        }
    }

    private TimeSpan Left(Fault fault) => fault.Pause - time.GetElapsedTime(fault.At);

    private readonly record struct Fault(int Count, long At, TimeSpan Pause);
}
