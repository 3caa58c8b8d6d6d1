namespace Replica.Testing.Laws;

/// <summary>A type with a slow, obvious second form: what a set of operations must show.</summary>
/// <typeparam name="TOperation">What replicas send each other.</typeparam>
public interface IModelledType<TOperation>
{
    /// <summary>What shows after exactly these operations; the same text as the type itself gives.</summary>
    /// <param name="operations">Each once. They come in some legal order, which must not matter.</param>
    string Fold(IReadOnlyList<LawOperation<TOperation>> operations);
}
