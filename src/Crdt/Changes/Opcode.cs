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

    /// <summary>Says how many edges of a relation one node shows.</summary>
    Declare = 7,

    /// <summary>Raises the format level of the space.</summary>
    Raise = 8,

    // 9 is kept for the end of a log, which comes with level 2.

    /// <summary>Makes the element.</summary>
    Create = 16,

    /// <summary>Deletes the element.</summary>
    Delete = 17,

    /// <summary>Sets the type of a node.</summary>
    SetType = 18,

    /// <summary>Sets or removes the vector of a node.</summary>
    SetVector = 19,

    /// <summary>Sets a register field.</summary>
    SetField = 20,

    /// <summary>Removes a field.</summary>
    RemoveField = 21,

    /// <summary>Sets a counter field.</summary>
    SetCounter = 22,

    /// <summary>Adds to a counter field.</summary>
    AddCounter = 23,

    /// <summary>Puts a value into a set field.</summary>
    AddToSet = 24,

    /// <summary>Takes a value out of a set field.</summary>
    RemoveFromSet = 25,

    /// <summary>Places a node in the tree.</summary>
    Move = 26,
}
