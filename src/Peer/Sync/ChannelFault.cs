namespace Replica.Peer.Sync;

/// <summary>Which rule of the channels the other side broke. Each ends the session.</summary>
internal enum ChannelFault
{
    /// <summary>A plaintext has no bytes or more than 65,519.</summary>
    PlaintextLength,

    /// <summary>A number is not LEB128 in its shortest form, or has more than 32 bits.</summary>
    Number,

    /// <summary>A plaintext ends inside a unit.</summary>
    UnitCut,

    /// <summary>A unit has more than 16,384 bytes.</summary>
    UnitTooLong,

    /// <summary>A channel of our side that we did not open.</summary>
    ChannelNotOpened,

    /// <summary>More channels at once than allowed.</summary>
    ChannelsAtOnce,

    /// <summary>More openings in the session than allowed.</summary>
    Openings,

    /// <summary>Something came on a channel after its end.</summary>
    AfterEnd,

    /// <summary>Channel 0 was ended.</summary>
    ControlEnded,

    /// <summary>A message has no bytes or more than allowed.</summary>
    MessageLength,

    /// <summary>A channel ended inside a message.</summary>
    MessageCut,

    /// <summary>Bytes came without credit.</summary>
    CreditExceeded,

    /// <summary>Credit came that makes more than 16 MiB.</summary>
    CreditTooGreat,

    /// <summary>A control message is malformed or unknown.</summary>
    ControlMalformed,

    /// <summary>Too many control messages in a second.</summary>
    ControlTooFast,

    /// <summary>The other side takes in too little: too much waits to be sent to it.</summary>
    QueueFull,
}
