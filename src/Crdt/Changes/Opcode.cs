namespace Replica.Crdt.Changes;

/// <summary>The numbers of the operations on the wire and at rest. 0 to 127 bind every replica, 128 to 255 advise.</summary>
public enum Opcode
{
    /// <summary>Opens a log: device key, nonce, display name.</summary>
    Header = 0,

    /// <summary>Founds the space.</summary>
    Genesis = 1,

    /// <summary>Makes an invitation.</summary>
    Invite = 2,

    /// <summary>Takes an invitation back.</summary>
    Cancel = 3,

    /// <summary>Lets a device in under an invitation.</summary>
    Admit = 4,

    /// <summary>Gives a device a role.</summary>
    Promote = 5,

    /// <summary>Gives a device a lesser role.</summary>
    Demote = 6,

    /// <summary>Makes the element.</summary>
    Create = 16,

    /// <summary>Deletes the element.</summary>
    Delete = 17,

    /// <summary>Sets the type of a node.</summary>
    SetType = 18,

    /// <summary>Sets a register field.</summary>
    SetField = 20,

    /// <summary>Removes a field.</summary>
    RemoveField = 21,
}
