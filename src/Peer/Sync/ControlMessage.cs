namespace Replica.Peer.Sync;

/// <summary>What two sides of a session tell each other about the session itself, on channel 0.</summary>
internal abstract record ControlMessage
{
    private ControlMessage()
    {
    }

    /// <summary>The first message of each side.</summary>
    /// <param name="VersionMin">The oldest version of the messages it speaks, 1 to 65,535.</param>
    /// <param name="VersionMax">The newest, not below the oldest.</param>
    /// <param name="Features">A bit for each thing it can do beyond the version; unknown bits mean nothing.</param>
    /// <param name="Instance">Its process.</param>
    /// <param name="ClockUnixMilliseconds">Its wall clock, 0 to 2^48 - 1.</param>
    public sealed record Hello(
        int VersionMin, int VersionMax, ulong Features, InstanceId Instance, long ClockUnixMilliseconds) : ControlMessage;

    /// <summary>Asks for a <see cref="Pong"/>.</summary>
    /// <param name="Number">Comes back in the answer.</param>
    public sealed record Ping(ulong Number) : ControlMessage;

    /// <summary>Answers a <see cref="Ping"/>.</summary>
    /// <param name="Number">The number of the ping.</param>
    public sealed record Pong(ulong Number) : ControlMessage;

    /// <summary>Lets the other side send more on a channel. Sent and taken by the multiplexer.</summary>
    /// <param name="Channel">The channel, not 0.</param>
    /// <param name="Bytes">How many bytes more, 65,536 to 16 MiB.</param>
    public sealed record Credit(int Channel, int Bytes) : ControlMessage;

    /// <summary>The sender ends the session; nothing follows.</summary>
    /// <param name="Reason">Why; a number without a name is a newer version's.</param>
    /// <param name="Text">For people, at most 256 bytes of UTF-8 without control characters; longer text is cut.</param>
    public sealed record GoAway(GoAwayReason Reason, string Text) : ControlMessage;

    /// <summary>Which program this is; only after a space was admitted.</summary>
    /// <param name="Text">For people, as in <see cref="GoAway"/>.</param>
    public sealed record Agent(string Text) : ControlMessage;
}
