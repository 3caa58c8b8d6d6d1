namespace Replica.Crdt.Changes;

/// <summary>What a device may do in a space; a greater role may do all that a lesser one may.</summary>
public enum Role
{
    /// <summary>Nothing: the device was never let in.</summary>
    None = 0,

    /// <summary>Receives everything, writes nothing.</summary>
    Reader = 1,

    /// <summary>Writes, and sponsors those who hold an invitation.</summary>
    Writer = 2,

    /// <summary>Invites, promotes and demotes.</summary>
    Admin = 3,
}
