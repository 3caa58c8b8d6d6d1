namespace Replica.Tests.Properties.Transport;

/// <summary>What a bad relay does to one part of a tunnel.</summary>
public enum Meddling
{
    None,
    Drop,
    Repeat,
    Reorder,
    Alter,
    Inject,
}
