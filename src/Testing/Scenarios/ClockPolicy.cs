namespace Replica.Testing.Scenarios;

/// <summary>What a replica does with a stamp that lies far ahead of its clock.</summary>
internal enum ClockPolicy
{
    /// <summary>Takes any stamp: the product with its holds off.</summary>
    Accept,

    /// <summary>Holds the change back until its clock has come near: the product as it is.</summary>
    Bounded,
}
