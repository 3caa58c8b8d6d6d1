using System.Buffers;
using System.Security.Cryptography;
using Replica.Transport.Links;

namespace Replica.Transport.Relay;

/// <summary>Who listens, who dials whom, and the tunnels between them. Any thread may call.</summary>
internal sealed class RelayExchange(RelayOptions options, RelaySources sources, TimeProvider time)
{
    /// <summary>Buffers kept for directions that move at the same time; beyond that they are made and thrown away.</summary>
    private const int BuffersMax = 256;

    private readonly ArrayPool<byte> _buffers = ArrayPool<byte>.Create(RelayTunnel.BufferBytes, BuffersMax);
    private readonly Lock _gate = new();
    private readonly Dictionary<DeviceKey, RelayTarget> _targets = [];
    private readonly Dictionary<UInt128, RelayCall> _calls = [];
    private readonly HashSet<RelayTunnel> _tunnels = [];
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _tunnelsTotal;
    private long _bytesOfEnded;
    private bool _isDraining;

    /// <summary>Counts for the metrics.</summary>
    public (int Listeners, int Tunnels, long TunnelsTotal, long Bytes) Counts
    {
        get
        {
            lock (_gate)
            {
                return (_targets.Count, _tunnels.Count, _tunnelsTotal, _bytesOfEnded + _tunnels.Sum(static tunnel => tunnel.Bytes));
            }
        }
    }

    /// <summary>Lets a device be dialled; an earlier listener with the same key is cut off.</summary>
    public RelayTarget StartListening(DeviceKey key, IByteLink link)
    {
        var target = new RelayTarget(key, link, options.WaitingPerTargetMax);
        RelayTarget? replaced;
        lock (_gate)
        {
            _ = _targets.Remove(key, out replaced);
            _targets.Add(key, target);
        }

        replaced?.Link.Abort();
        return target;
    }

    /// <summary>The device can't be dialled any more.</summary>
    public void StopListening(RelayTarget target)
    {
        target.Close();
        lock (_gate)
        {
            if (_targets.TryGetValue(target.Key, out var current) && current == target)
            {
                _ = _targets.Remove(target.Key);
            }
        }
    }

    /// <summary>Calls a listener, waits until it takes the call, and moves bytes until the tunnel is over.</summary>
    /// <returns>Why there was no tunnel; null if there was one.</returns>
    public async Task<RelayRefusal?> CallAsync(IByteLink link, DeviceKey from, DeviceKey to, string source)
    {
        var ticket = RandomNumberGenerator.GetBytes(RelayFrame.TicketBytes);
        var (call, refusal) = TryCall(ticket, from, to);
        if (call is null)
        {
            return refusal;
        }

        try
        {
            var (acceptor, acceptorSource) = await call.Taken.Task.WaitAsync(options.AnswerLimit, time);
            await JoinAsync(link, source, acceptor, acceptorSource, call.Target);
            return null;
        }
        catch (TimeoutException)
        {
            return RelayRefusal.TargetBusy;
        }
        finally
        {
            _ = TryTakeCall(ticket, to, out _);
            _ = call.Taken.TrySetCanceled();
            _ = call.Over.TrySetResult();
        }
    }

    /// <summary>Takes the call that a ticket was given for, and waits until its tunnel is over.</summary>
    /// <returns>False when there is no such call any more, or it was for another listener.</returns>
    public async Task<bool> TakeAsync(IByteLink link, DeviceKey key, ReadOnlyMemory<byte> ticket, string source)
    {
        if (!TryTakeCall(ticket.Span, key, out var call) || !call!.Taken.TrySetResult((link, source)))
        {
            return false;
        }

        await call.Over.Task;
        return true;
    }

    /// <summary>Takes no calls any more, tells the listeners, and waits for the tunnels to end.</summary>
    /// <exception cref="TimeoutException">Some are left.</exception>
    public Task DrainAsync(int leavingSeconds, TimeSpan limit)
    {
        lock (_gate)
        {
            _isDraining = true;
            foreach (var target in _targets.Values)
            {
                _ = target.TrySend(new RelayFrame.Leaving(leavingSeconds));
            }

            if (_tunnels.Count == 0)
            {
                _ = _empty.TrySetResult();
            }
        }

        return _empty.Task.WaitAsync(limit, time);
    }

    /// <summary>Cuts tunnels in which nothing moves.</summary>
    public void Sweep()
    {
        RelayTunnel[] tunnels;
        lock (_gate)
        {
            tunnels = [.. _tunnels];
        }

        foreach (var tunnel in tunnels.Where(tunnel => tunnel.Silence > options.SilenceLimit))
        {
            tunnel.Abort();
        }
    }

    private (RelayCall? Call, RelayRefusal? Refusal) TryCall(byte[] ticket, DeviceKey from, DeviceKey to)
    {
        lock (_gate)
        {
            if (_isDraining)
            {
                return (null, RelayRefusal.Draining);
            }

            if (!_targets.TryGetValue(to, out var target))
            {
                return (null, RelayRefusal.NobodyListens);
            }

            if (target.Waiting >= options.WaitingPerTargetMax || target.Tunnels >= options.TunnelsPerTargetMax
                || !target.TrySend(new RelayFrame.Incoming(ticket, from)))
            {
                return (null, RelayRefusal.TargetBusy);
            }

            var call = new RelayCall(target);
            target.Waiting++;
            _calls.Add(BitConverter.ToUInt128(ticket), call);
            return (call, null);
        }
    }

    private bool TryTakeCall(ReadOnlySpan<byte> ticket, DeviceKey key, out RelayCall? call)
    {
        var name = BitConverter.ToUInt128(ticket);
        lock (_gate)
        {
            if (!_calls.TryGetValue(name, out call) || call.Target.Key != key)
            {
                return false;
            }

            call.Target.Waiting--;
            return _calls.Remove(name);
        }
    }

    private async Task JoinAsync(IByteLink one, string oneSource, IByteLink other, string otherSource, RelayTarget target)
    {
        var tunnel = new RelayTunnel(one, other, _buffers, time);
        lock (_gate)
        {
            target.Tunnels++;
            _tunnelsTotal++;
            _ = _tunnels.Add(tunnel);
        }

        try
        {
            await RelayFrameCodec.SendAsync(other, new RelayFrame.Opened(), CancellationToken.None);
            await RelayFrameCodec.SendAsync(one, new RelayFrame.Opened(), CancellationToken.None);
            await tunnel.RunAsync((isBack, bytes) => sources.Spend(isBack ? otherSource : oneSource, bytes));
        }
        catch (TransportException)
        {
            tunnel.Abort();
        }
        finally
        {
            lock (_gate)
            {
                target.Tunnels--;
                _bytesOfEnded += tunnel.Bytes;
                _ = _tunnels.Remove(tunnel);
                if (_isDraining && _tunnels.Count == 0)
                {
                    _ = _empty.TrySetResult();
                }
            }
        }
    }
}
