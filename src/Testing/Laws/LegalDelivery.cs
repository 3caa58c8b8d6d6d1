namespace Replica.Testing.Laws;

/// <summary>What a type may count on when operations arrive; each kind allows all that those before it allow.</summary>
public enum LegalDelivery
{
    /// <summary>Each operation once, after all that happen before it: what Replica's store gives.</summary>
    CausalOnce,

    /// <summary>After all that happen before it, and then any number of times again.</summary>
    CausalRepeated,

    /// <summary>In any order, any number of times.</summary>
    AnyOrder,
}
