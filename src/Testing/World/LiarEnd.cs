using System.Buffers;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Exchange;
using Replica.Peer.Sync;

namespace Replica.Testing.World;

/// <summary>A liar's side of a connection: it says what it likes, over real channels and beside them.</summary>
internal sealed class LiarEnd : LinkEnd, IChannelEvents
{
    private const int PositionsMax = 3_000;
    private const int LongMessageBytes = 1_500_000;
    private const int PingsInARow = 150;

    private readonly Liar _liar;
    private readonly bool _isPoisoner;
    private readonly Chance _chance;
    private ChannelMultiplexer? _channels;
    private int _channel;

    public LiarEnd(SimulatedLink link, Liar liar)
        : base(link, liar.Number)
    {
        _liar = liar;
        (_isPoisoner, _chance) = liar.Intent;
    }

    public override bool IsInSync => true;

    private ChannelMultiplexer Channels => _channels!;

    public override void Start(bool isInitiator)
    {
        _channels = new(isInitiator, new ChannelOptions());
        if (World.IsManaged)
        {
            SendControl(NextHello());
        }

        if (isInitiator)
        {
            _channel = Channels.Open();
            Begin();
        }
    }

    public override void Receive(byte[] plaintext)
    {
        try
        {
            Channels.OnPlaintext(plaintext, World.Time.Now, this);
        }
        catch (ChannelException)
        {
            // Its own nonsense may confuse its own channels.
        }
    }

    public override void OnDrained()
    {
    }

    public override void OnGrown()
    {
    }

    public override void Dispose() => _channels?.Dispose();

    void IChannelEvents.OnControl(ControlMessage message)
    {
    }

    void IChannelEvents.OnOpened(int channel)
    {
        if (_channel == 0)
        {
            _channel = channel;
            Begin();
        }
    }

    void IChannelEvents.OnMessage(int channel, ReadOnlyMemory<byte> body) => Channels.Consumed(channel, body.Length);

    void IChannelEvents.OnClosed(int channel)
    {
    }

    private void Begin()
    {
        Send(new SyncMessage.Have([], More: false));
        if (_isPoisoner)
        {
            World.Counts.Count(SimulationFault.Poison);
            World.Trace(() => $"{Link}: the liar writes what nobody can take");
            var runs = _liar.WriteMore(_chance);
            var first = _chance.Below(runs.Count);
            Later(1 + _chance.Below(500), () => Send(new SyncMessage.Runs([.. runs])));
            Later(1 + _chance.Below(2_000), () => Send(new SyncMessage.Runs([.. runs.Skip(first)])));
        }
    }

    /// <summary>Sends runs, as an honest peer would.</summary>
    public void Show(IReadOnlyList<SignedRun> runs)
    {
        if (_channel > 0)
        {
            Send(new SyncMessage.Runs(runs));
        }
    }

    /// <summary>Sends something that it should not.</summary>
    public void Lie()
    {
        if (_channel == 0)
        {
            return;
        }

        World.Counts.Count(SimulationFault.Hostile);
        if (World.IsManaged && _chance.Percent(15))
        {
            LieOnControl();
            return;
        }

        switch (_chance.Below(9))
        {
            case 0 or 1 or 2 when World.Overheard.Count > 0:
                Send(ByteMutation.Next(_chance.Pick(World.Overheard), _chance));
                break;
            case 3 when World.Overheard.Count > 0:
                Send(_chance.Pick(World.Overheard));
                break;
            case 4:
                Link.Send(this, _chance.Bytes(_chance.Between(1, 64)));
                break;
            case 5:
                Send(new SyncMessage.Have(NextPositions(), _chance.Percent(30)));
                break;
            case 6:
                Send(NextClaim());
                break;
            case 7 when World.Overheard.Count > 0:
                Forge(_chance.Pick(World.Overheard));
                break;
            case 8 when _chance.Percent(5):
                Send(new byte[LongMessageBytes]);
                break;
            default:
                Send(new SyncMessage.Digest(Bytes32.FromBytes(_chance.Bytes(Bytes32.Size))));
                break;
        }
    }

    /// <summary>What no honest peer says of its session.</summary>
    private void LieOnControl()
    {
        switch (_chance.Below(4))
        {
            case 0:
                SendControl(NextHello());
                break;
            case 1:
                SendControl(new ControlMessage.GoAway((GoAwayReason)_chance.Below(9), "no more"));
                break;
            case 2:
                SendControl(new ControlMessage.Pong(_chance.Next()));
                break;
            default:
                for (var left = PingsInARow; left > 0; left--)
                {
                    SendControl(new ControlMessage.Ping(0));
                }

                break;
        }
    }

    private ControlMessage.Hello NextHello() => new(
        _chance.Percent(95) ? 1 : 2, _chance.Between(2, 9), _chance.Next(), new(new UInt128(1, (ulong)_chance.Below(3))), World.Time.Now);

    /// <summary>Runs of others, changed where the signature does not look first.</summary>
    private void Forge(byte[] body)
    {
        if (SyncMessageCodec.Read(body) is not SyncMessage.Runs { Items: [var run, ..] })
        {
            return;
        }

        var forged = _chance.Below(5) switch
        {
            0 => run with { BaseSeq = run.BaseSeq + (ulong)_chance.Between(1, 3) },
            1 => run with { BaseHead = new(_chance.Next()) },
            2 when run.Changes.Count > 1 => run with { Changes = [.. run.Changes.Skip(1)] },
            3 => run with { Changes = [.. run.Changes, .. run.Changes] },
            _ => run with { Signature = new(_chance.Bytes(SignatureBytes.Size)) },
        };
        Send(new SyncMessage.Runs([forged]));
    }

    private SyncMessage NextClaim()
    {
        var at = NextPosition();
        return _chance.Below(5) switch
        {
            0 => new SyncMessage.Hold(at, RunVerdict.ClockAhead, _chance.Percent(50) ? long.MaxValue : null),
            1 => new SyncMessage.Reject(at, RunVerdict.Invalid),
            2 => new SyncMessage.Want([at]),
            3 => new SyncMessage.Trace(at.Log, [new(at.Log, 0, default)]),
            _ => new SyncMessage.Ack([at]),
        };
    }

    private Position[] NextPositions()
    {
        var positions = Enumerable.Range(0, _chance.Percent(10) ? PositionsMax : _chance.Between(0, 5)).Select(_ => NextPosition());
        return [.. positions.DistinctBy(static position => position.Log).Order()];
    }

    /// <summary>A place in a log that there is, mostly, and mostly too far.</summary>
    private Position NextPosition()
    {
        var real = World.Peers[0].IsRunning ? World.Peers[0].Store.Durable : [];
        var log = real.Count > 0 && _chance.Percent(70) ? _chance.Pick(real).Log : new LogId(_chance.Next());
        var seq = _chance.Pick<ulong>([1, 2, 3, 1_000, long.MaxValue]);
        return new(log, seq, new(_chance.Next()));
    }

    private void Send(SyncMessage message)
    {
        var output = new ArrayBufferWriter<byte>();
        SyncMessageCodec.Write(output, message);
        Send(output.WrittenSpan.ToArray());
    }

    private void Send(byte[] body)
    {
        if (IsOpen)
        {
            Queue(() => _ = Channels.Send(_channel, body));
        }
    }

    private void SendControl(ControlMessage message)
    {
        if (IsOpen)
        {
            Queue(() => Channels.SendControl(message));
        }
    }

    private void Queue(Action send)
    {
        try
        {
            send();
            while (Channels.TryTake(World.Scratch) is > 0 and var length)
            {
                Link.Send(this, World.Scratch.AsSpan(0, length));
            }
        }
        catch (ChannelException)
        {
            Link.Cut();
        }
    }
}
